variable "name" {
  description = "Its name."
  type        = string
}

variable "vpc_id" {
  description = "The network in which names are known."
  type        = string
}

variable "container_insights" {
  description = "What CloudWatch gathers about tasks, for money: disabled, enabled or enhanced."
  type        = string
  default     = "disabled"

  validation {
    condition     = contains(["disabled", "enabled", "enhanced"], var.container_insights)
    error_message = "container_insights is ${var.container_insights}: use disabled, enabled or enhanced."
  }
}
