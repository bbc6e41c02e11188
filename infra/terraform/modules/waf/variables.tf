variable "name" {
  description = "Its name."
  type        = string
}

variable "load_balancer_arn" {
  description = "What it stands in front of."
  type        = string
}

variable "codes_per_5_min" {
  description = "Requests for sign-in codes from one address in five minutes."
  type        = number
  default     = 300

  validation {
    condition     = var.codes_per_5_min >= 10
    error_message = "codes_per_5_min is ${var.codes_per_5_min}: AWS counts from 10."
  }
}

variable "sign_ins_per_5_min" {
  description = "Everything below /v1/auth/ from one address in five minutes: an office renews its sessions here."
  type        = number
  default     = 12000

  validation {
    condition     = var.sign_ins_per_5_min >= var.codes_per_5_min
    error_message = "sign_ins_per_5_min is ${var.sign_ins_per_5_min}, less than codes_per_5_min (${var.codes_per_5_min}), which it includes: raise it."
  }
}

variable "requests_per_5_min" {
  description = "All requests from one address in five minutes; what is sent on an open socket is not counted."
  type        = number
  default     = 60000

  validation {
    condition     = var.requests_per_5_min >= var.sign_ins_per_5_min
    error_message = "requests_per_5_min is ${var.requests_per_5_min}, less than sign_ins_per_5_min (${var.sign_ins_per_5_min}), which it includes: raise it."
  }
}

variable "log_retention_days" {
  description = "Days that blocked requests are kept."
  type        = number
}

variable "logs_key_arn" {
  description = "The key that logs are encrypted with."
  type        = string
}
