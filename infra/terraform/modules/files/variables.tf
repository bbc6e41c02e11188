variable "bucket" {
  description = "Its name, which nobody else in the world may have."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket is ${var.bucket}: use 3 to 63 lower case letters, digits and hyphens."
  }
}

variable "key_arn" {
  description = "The key that its contents are encrypted with, or null for S3's own."
  type        = string
  default     = null
}

variable "old_versions_days" {
  description = "Days that overwritten and deleted contents can still be had."
  type        = number
  default     = 30

  validation {
    condition     = var.old_versions_days >= 1
    error_message = "old_versions_days is ${var.old_versions_days}: use at least 1."
  }
}

variable "expire_days" {
  description = "Days after which contents are deleted, or null to keep them."
  type        = number
  default     = null
}

variable "statements" {
  description = "Who else may do what, as statements of a bucket policy."
  type        = any
  default     = []
}
