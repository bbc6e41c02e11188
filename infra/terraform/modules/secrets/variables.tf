variable "path" {
  description = "What the names of secrets begin with."
  type        = string
}

variable "names" {
  description = "The secrets, each with what it is for."
  type        = map(string)
}

variable "key_arn" {
  description = "The key that they are encrypted with."
  type        = string
}

variable "account_id" {
  description = "The account that may read them."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is ${var.account_id}: give the twelve digits of the account, as text."
  }
}

variable "recovery_days" {
  description = "Days that a deleted secret can be had back."
  type        = number
  default     = 7

  validation {
    condition     = var.recovery_days >= 7 && var.recovery_days <= 30
    error_message = "recovery_days is ${var.recovery_days}: AWS allows 7 to 30."
  }
}
