variable "name" {
  description = "What its name begins with."
  type        = string

  validation {
    condition     = length(var.name) <= 31 && can(regex("^[a-z][a-z0-9-]*$", var.name))
    error_message = "name is ${var.name}: use at most 31 lower case letters, digits and hyphens, as ElastiCache wants it."
  }
}

variable "engine_version" {
  description = "The version of Valkey."
  type        = string
  default     = "8.0"

  validation {
    condition     = can(regex("^8\\.[0-9]+$", var.engine_version))
    error_message = "engine_version is ${var.engine_version}: use Valkey 8, such as 8.0."
  }
}

variable "node_type" {
  description = "The size of a node."
  type        = string

  validation {
    condition     = startswith(var.node_type, "cache.")
    error_message = "node_type is ${var.node_type}: name a type of ElastiCache, such as cache.r7g.large."
  }
}

variable "node_count" {
  description = "Nodes: one, and others in other zones that take over."
  type        = number

  validation {
    condition     = var.node_count >= 1 && var.node_count <= 6
    error_message = "node_count is ${var.node_count}: use 1 to 6."
  }
}

variable "key_arn" {
  description = "The key that everything in it is encrypted with."
  type        = string
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
