variable "name" {
  description = "Its name; AWS allows 32 letters, and five are added to it."
  type        = string

  validation {
    condition     = length(var.name) <= 27
    error_message = "name is ${var.name}, ${length(var.name)} letters: use at most 27, because the names of target groups are made from it."
  }
}

variable "domain" {
  description = "The name people use, such as chat.example.org."
  type        = string
}

variable "zone_id" {
  description = "The hosted zone of the domain in Route 53, or null when its DNS is elsewhere."
  type        = string
  default     = null

  validation {
    condition     = var.zone_id != null || var.certificate_arn != null
    error_message = "zone_id and certificate_arn are both null: give the hosted zone, so that a certificate is made, or the ARN of one in ACM."
  }
}

variable "certificate_arn" {
  description = "A certificate in ACM, for a domain without zone_id."
  type        = string
  default     = null
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnet_ids" {
  description = "Public subnets, at least two."
  type        = list(string)
}

variable "security_group_id" {
  description = "What may reach it, and whom it reaches."
  type        = string
}

variable "service_port" {
  description = "Where the services listen."
  type        = number
}

variable "logs_bucket" {
  description = "The bucket for access logs."
  type        = string
}

variable "tls_policy" {
  description = "What clients must speak: a TLS 1.3 policy of ELB."
  type        = string
  default     = "ELBSecurityPolicy-TLS13-1-2-2021-06"

  validation {
    condition     = startswith(var.tls_policy, "ELBSecurityPolicy-TLS13-1-2-") || startswith(var.tls_policy, "ELBSecurityPolicy-TLS13-1-3-")
    error_message = "tls_policy is ${var.tls_policy}: use a policy that begins with ELBSecurityPolicy-TLS13-1-2- or ELBSecurityPolicy-TLS13-1-3-."
  }
}

variable "idle_timeout_s" {
  description = "Seconds of silence after which a connection is closed."
  type        = number
  default     = 120

  validation {
    condition     = var.idle_timeout_s >= 60 && var.idle_timeout_s <= 4000
    error_message = "idle_timeout_s is ${var.idle_timeout_s}: use 60 to 4000, because sockets are pinged every 25 s and two pings may be lost."
  }
}

variable "deletion_protection" {
  description = "Whether it can be deleted only after this is switched off."
  type        = bool
}
