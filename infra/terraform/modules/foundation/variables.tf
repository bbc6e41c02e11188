variable "project" {
  description = "What the names of everything begin with."
  type        = string
  default     = "loquat"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.project))
    error_message = "project is ${var.project}: use 2 to 12 lower case letters and digits, because AWS allows no longer names."
  }
}

variable "environment" {
  description = "Which one of the company's: production, staging or another word."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.environment))
    error_message = "environment is ${var.environment}: use 2 to 12 lower case letters and digits, such as production."
  }
}

variable "region" {
  description = "The region, such as us-east-1."
  type        = string
}

variable "account_id" {
  description = "The account, twelve digits; named so that a plan needs no credentials."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is ${var.account_id}: give the twelve digits of the account, as text."
  }
}

variable "zones" {
  description = "Availability zones, two to four. Add new ones at the end."
  type        = list(string)

  validation {
    condition     = alltrue([for zone in var.zones : startswith(zone, var.region)])
    error_message = "zones is ${jsonencode(var.zones)}, not all of them in ${var.region}: name zones of that region, such as ${var.region}a."
  }
}

variable "cidr" {
  description = "Addresses of the network."
  type        = string
  default     = "10.42.0.0/16"
}

variable "clients_cidr" {
  description = "From where people may come."
  type        = string
  default     = "0.0.0.0/0"
}

variable "domain" {
  description = "The name people use, such as chat.example.org."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain is ${var.domain}: give a name without scheme and path, such as chat.example.org."
  }
}

variable "zone_id" {
  description = "The hosted zone of the domain in Route 53, or null with certificate_arn."
  type        = string
  default     = null
}

variable "certificate_arn" {
  description = "A certificate in ACM for the domain, when its DNS is not in Route 53."
  type        = string
  default     = null
}

variable "mail" {
  description = "Who mails come from, and the hosted zone of that domain, or null when its DNS is elsewhere."
  type = object({
    from_address = string
    zone_id      = optional(string)
  })

  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+$", var.mail.from_address))
    error_message = "mail.from_address is ${var.mail.from_address}: give an address such as chat@example.org."
  }
}

variable "size" {
  description = "How much of everything: small, medium or large."
  type        = string

  validation {
    condition     = contains(["small", "medium", "large"], var.size)
    error_message = "size is ${var.size}: use small, medium or large, and change single lines by overrides."
  }
}

variable "overrides" {
  description = "What is different from the chosen size."
  type = object({
    nat_mode           = optional(string)
    documents_class    = optional(string)
    documents_count    = optional(number)
    documents_storage  = optional(string)
    cache_type         = optional(string)
    cache_count        = optional(number)
    broker_type        = optional(string)
    broker_clustered   = optional(bool)
    log_retention_days = optional(number)
    backup_days        = optional(number)
  })
  default = {}
}

variable "interface_endpoints" {
  description = "Services of AWS that get a door of their own into the network."
  type        = set(string)
  default     = []
}

variable "documents_mode" {
  description = "documentdb makes a database here; external takes the URLs of a MongoDB elsewhere, as secrets."
  type        = string
  default     = "documentdb"

  validation {
    condition     = contains(["documentdb", "external"], var.documents_mode)
    error_message = "documents_mode is ${var.documents_mode}: use documentdb or external."
  }
}

variable "documents_first_password" {
  description = "The database's password until the script `credentials` changes it. Every apply asks for one, only the first uses it: give a fresh one by TF_VAR_documents_first_password."
  type        = string
  ephemeral   = true
}

variable "deletion_protection" {
  description = "Whether what keeps data can be deleted only after this is switched off."
  type        = bool

  validation {
    condition     = var.deletion_protection || var.environment != "production"
    error_message = "deletion_protection is false in production: set it to true; to delete production on purpose follow the runbook."
  }
}

variable "secrets_recovery_days" {
  description = "Days that a deleted secret can be had back."
  type        = number
  default     = 7
}

variable "files_bucket" {
  description = "Whether a bucket for people's files is made."
  type        = bool
  default     = false
}

variable "container_insights" {
  description = "What CloudWatch gathers about tasks, for money."
  type        = string
  default     = "disabled"
}

variable "alarm_emails" {
  description = "Who is told when something is wrong."
  type        = set(string)
}

variable "budget_usd" {
  description = "What a month may cost before somebody is told."
  type        = number
}
