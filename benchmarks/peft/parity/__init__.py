"""AdaLoRA of Hugging Face's PEFT beside Rankstream's: the same model, data and settings."""
