"""Training speed and memory of PEFT's AdaLoRA beside Rankstream's, in turns on one machine."""
