variable "name" {
  description = "What the names of everything here begin with."
  type        = string
}

variable "region" {
  description = "The region of the network."
  type        = string
}

variable "account_id" {
  description = "The account, named so that plans need no credentials."
  type        = string
}

variable "zones" {
  description = "Availability zones, such as us-east-1a. Add new ones at the end: their place decides their addresses."
  type        = list(string)

  validation {
    condition     = length(var.zones) >= 2 && length(var.zones) <= 4 && length(distinct(var.zones)) == length(var.zones)
    error_message = "zones is ${jsonencode(var.zones)}: name two to four different zones, because a load balancer needs two and the addresses are enough for four."
  }
}

variable "cidr" {
  description = "Addresses of the network; an IPv4 network of /16 to /20."
  type        = string
  default     = "10.42.0.0/16"

  validation {
    condition     = can(cidrhost(var.cidr, 0)) && try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 20, false)
    error_message = "cidr is ${var.cidr}: give an IPv4 network between /16 and /20, such as 10.42.0.0/16."
  }
}

variable "clients_cidr" {
  description = "From where people may come."
  type        = string
  default     = "0.0.0.0/0"

  validation {
    condition     = can(cidrhost(var.clients_cidr, 0))
    error_message = "clients_cidr is ${var.clients_cidr}: give an IPv4 network, such as 0.0.0.0/0 or the one of the company's VPN."
  }
}

variable "documents_cidr" {
  description = "Where the database is: this network, or 0.0.0.0/0 for one elsewhere."
  type        = string
}

variable "nat_mode" {
  description = "Ways out for tasks: none (endpoints only), single (one gateway), per_az (one in each zone)."
  type        = string

  validation {
    condition     = contains(["none", "single", "per_az"], var.nat_mode)
    error_message = "nat_mode is ${var.nat_mode}: use none, single or per_az."
  }

  validation {
    condition     = var.nat_mode != "none" || length(setsubtract(["ecr.api", "ecr.dkr", "logs", "secretsmanager", "email-smtp"], var.interface_endpoints)) == 0
    error_message = "nat_mode is none, so tasks reach AWS only by endpoints: add ${join(", ", setsubtract(["ecr.api", "ecr.dkr", "logs", "secretsmanager", "email-smtp"], var.interface_endpoints))} to interface_endpoints, or use single."
  }
}

variable "interface_endpoints" {
  description = "Services of AWS that get a door of their own, such as ecr.api, ecr.dkr, logs, secretsmanager, email-smtp."
  type        = set(string)
  default     = []
}

variable "log_retention_days" {
  description = "Days that refused connections are kept."
  type        = number
}

variable "logs_key_arn" {
  description = "The key that logs are encrypted with."
  type        = string
}
