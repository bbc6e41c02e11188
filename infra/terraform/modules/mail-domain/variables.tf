variable "name" {
  description = "What its names begin with."
  type        = string
}

variable "region" {
  description = "The region, which the mail server's name contains."
  type        = string
}

variable "account_id" {
  description = "The account."
  type        = string
}

variable "domain" {
  description = "The domain that mails come from."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain is ${var.domain}: give a domain in lower case letters, such as example.org."
  }
}

variable "from_address" {
  description = "The only address that mails may come from."
  type        = string

  validation {
    condition     = endswith(var.from_address, "@${var.domain}")
    error_message = "from_address is ${var.from_address}: use one that ends with @${var.domain}, because only that domain may be sent from."
  }
}

variable "zone_id" {
  description = "The hosted zone of the domain in Route 53, or null when its DNS is elsewhere: then enter `records` there."
  type        = string
  default     = null
}

variable "topic_arn" {
  description = "Where bounces and complaints are told."
  type        = string
}
