variable "name" {
  description = "Its name."
  type        = string
}

variable "account_id" {
  description = "The account."
  type        = string
}

variable "resource_arns" {
  description = "What is copied."
  type        = list(string)

  validation {
    condition     = length(var.resource_arns) > 0
    error_message = "resource_arns is empty: name what to copy, or leave the module out."
  }
}

variable "key_arn" {
  description = "The key that copies are encrypted with."
  type        = string
}

variable "daily_days" {
  description = "Days that daily copies are kept."
  type        = number
  default     = 35

  validation {
    condition     = var.daily_days >= 7
    error_message = "daily_days is ${var.daily_days}: keep daily copies for at least 7 days, because a fault is often noticed after a weekend."
  }
}

variable "monthly_days" {
  description = "Days that monthly copies are kept."
  type        = number
  default     = 365

  validation {
    condition     = var.monthly_days > var.daily_days
    error_message = "monthly_days is ${var.monthly_days}: keep monthly copies longer than daily ones (${var.daily_days} days)."
  }
}
