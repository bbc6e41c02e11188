variable "name" {
  description = "What its name begins with."
  type        = string
}

variable "engine_version" {
  description = "The version of RabbitMQ; Amazon MQ upgrades 3.13 to 4.2 to 4.3, in this order only."
  type        = string
  default     = "4.2"

  validation {
    condition     = contains(["4.2", "4.3"], var.engine_version)
    error_message = "engine_version is ${var.engine_version}: use 4.2 or 4.3."
  }
}

variable "instance_type" {
  description = "The size of a node; RabbitMQ 4 runs on mq.m7g only."
  type        = string

  validation {
    condition     = startswith(var.instance_type, "mq.m7g.")
    error_message = "instance_type is ${var.instance_type}: RabbitMQ 4 runs on mq.m7g, such as mq.m7g.large."
  }
}

variable "clustered" {
  description = "Three nodes in different zones instead of one."
  type        = bool

  validation {
    condition     = !var.clustered || var.instance_type != "mq.m7g.medium"
    error_message = "clustered is true with mq.m7g.medium, which is one node for tests: use mq.m7g.large or more."
  }
}

variable "key_arn" {
  description = "The key that the first password is made with."
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
