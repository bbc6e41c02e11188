variable "name" {
  description = "What its name begins with."
  type        = string
}

variable "engine_version" {
  description = "The version of DocumentDB."
  type        = string
  default     = "8.0.0"

  validation {
    condition     = can(regex("^8\\.0\\.[0-9]+$", var.engine_version))
    error_message = "engine_version is ${var.engine_version}: use 8.0.0 or a later 8.0, which the services are written for; older ones lack what they ask."
  }
}

variable "instance_class" {
  description = "The size of an instance."
  type        = string

  validation {
    condition     = startswith(var.instance_class, "db.")
    error_message = "instance_class is ${var.instance_class}: name a class of DocumentDB, such as db.r6g.large."
  }
}

variable "instance_count" {
  description = "Instances, each in another zone as far as there are zones."
  type        = number

  validation {
    condition     = var.instance_count >= 1 && var.instance_count <= 16
    error_message = "instance_count is ${var.instance_count}: DocumentDB has 1 to 16."
  }
}

variable "storage_type" {
  description = "standard pays for each read and write, iopt1 does not and costs more by the hour."
  type        = string
  default     = "standard"

  validation {
    condition     = contains(["standard", "iopt1"], var.storage_type)
    error_message = "storage_type is ${var.storage_type}: use standard or iopt1."
  }
}

variable "first_password" {
  description = "The password until the script `credentials` changes it. Only the first apply uses it; kept nowhere."
  type        = string
  ephemeral   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9]{16,64}$", var.first_password))
    error_message = "first_password is not 16 to 64 letters and digits: make one with `openssl rand -hex 24`."
  }
}

variable "backup_days" {
  description = "Days back to which any second can be restored."
  type        = number

  validation {
    condition     = var.backup_days >= 7 && var.backup_days <= 35
    error_message = "backup_days is ${var.backup_days}: use 7 to 35."
  }
}

variable "deletion_protection" {
  description = "Whether it can be deleted only after this is switched off; then a last snapshot stays."
  type        = bool
}

variable "key_arn" {
  description = "The key that everything in it is encrypted with."
  type        = string
}

variable "logs_key_arn" {
  description = "The key that logs are encrypted with."
  type        = string
}

variable "log_retention_days" {
  description = "Days that its logs are kept."
  type        = number
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets without a way out, one in each zone."
  type        = list(string)
}

variable "callers" {
  description = "The security groups that may call, by name."
  type        = map(string)
}
