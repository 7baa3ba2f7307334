# TorchScript in the form of torch.jit.save; Kernels says what the methods do.

class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def adamw(self: __torch__.Kernels,
    parameters: List[Tensor],
    gradients: List[Tensor],
    firsts: List[Tensor],
    seconds: List[Tensor],
    updates: List[Tensor],
    learning_rate: float,
    beta1: float,
    beta2: float,
    weight_decay: float,
    epsilon: float) -> NoneType:
    torch._fused_adamw_(
      parameters, gradients, firsts, seconds, [], updates,
      lr=learning_rate, beta1=beta1, beta2=beta2, weight_decay=weight_decay, eps=epsilon,
      amsgrad=False, maximize=False)
    return None
  def importance(self: __torch__.Kernels,
    parameters: Tensor,
    gradients: Tensor,
    sensitivities: Tensor,
    uncertainties: Tensor,
    beta1: float,
    beta2: float) -> NoneType:
    current = torch.abs_(torch.mul_(gradients, parameters))
    _0 = torch.lerp_(sensitivities, current, torch.sub(1., beta1))
    deviation = torch.abs_(torch.sub_(current, sensitivities))
    _1 = torch.lerp_(uncertainties, deviation, torch.sub(1., beta2))
    return None
