variable "prefix" {
  description = "What the names of its roles and logs begin with: the project and the environment."
  type        = string
}

variable "name" {
  description = "The service: user-service, mail-service or chat-service."
  type        = string
}

variable "region" {
  description = "The region."
  type        = string
}

variable "account_id" {
  description = "The account."
  type        = string
}

variable "image" {
  description = "The image by its digest, so that what was tested is what runs."
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image is ${var.image}: name it by digest, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/loquat/chat-service@sha256:…, because a tag can change under a running service."
  }
}

variable "repository_arn" {
  description = "The repository of the image."
  type        = string
}

variable "cpu" {
  description = "CPU units; 1024 are one."
  type        = number

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "cpu is ${var.cpu}: Fargate has 256, 512, 1024, 2048, 4096, 8192 and 16384."
  }
}

variable "memory" {
  description = "Memory in MiB."
  type        = number

  validation {
    condition = contains(lookup({
      256   = [512, 1024, 2048]
      512   = range(1024, 4097, 1024)
      1024  = range(2048, 8193, 1024)
      2048  = range(4096, 16385, 1024)
      4096  = range(8192, 30721, 1024)
      8192  = range(16384, 61441, 4096)
      16384 = range(32768, 122881, 8192)
    }, var.cpu, []), var.memory)
    error_message = "memory is ${var.memory} with ${var.cpu} CPU units: Fargate has no such pair; 256 go with 512 to 2048, 512 with 1024 to 4096, 1024 with 2048 to 8192, 2048 with 4096 to 16384."
  }
}

variable "count_min" {
  description = "Tasks at least."
  type        = number
}

variable "count_max" {
  description = "Tasks at most."
  type        = number

  validation {
    condition     = var.count_max >= var.count_min
    error_message = "count_max is ${var.count_max}, less than count_min (${var.count_min}): raise it."
  }
}

variable "environment" {
  description = "Settings that are no secrets, by the names that the program's --help explains."
  type        = map(string)

  validation {
    condition     = length(setintersection(keys(var.environment), keys(var.secrets))) == 0
    error_message = "${join(", ", setintersection(keys(var.environment), keys(var.secrets)))} is in environment and in secrets: set each name once."
  }

  validation {
    condition     = try(tonumber(var.environment["STOP_GRACE_S"]) < var.stop_timeout_s, false)
    error_message = "STOP_GRACE_S is ${lookup(var.environment, "STOP_GRACE_S", "not set")}: set it below stop_timeout_s (${var.stop_timeout_s}), or ECS kills what still finishes its work."
  }

  validation {
    condition     = try(tonumber(var.environment["MOST_CONNECTIONS"]) < var.open_files, false)
    error_message = "MOST_CONNECTIONS is ${lookup(var.environment, "MOST_CONNECTIONS", "not set")}: set it below open_files (${var.open_files}), because each connection is a file."
  }
}

variable "secrets" {
  description = "Secrets by the name of the setting they become: ARNs in Secrets Manager."
  type        = map(string)
}

variable "secret_files" {
  description = "Secrets by the name of the file in /data they become: ARNs in Secrets Manager."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for file in keys(var.secret_files) : can(regex("^[a-z][a-z0-9.-]*$", file))])
    error_message = "secret_files names ${join(", ", keys(var.secret_files))}: use lower case letters, digits, points and hyphens."
  }
}

variable "secrets_key_arn" {
  description = "The key that secrets are encrypted with."
  type        = string
}

variable "logs_key_arn" {
  description = "The key that logs are encrypted with."
  type        = string
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days is ${var.log_retention_days}: CloudWatch keeps logs for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545 or 731 days."
  }
}

variable "cluster_arn" {
  description = "Where it runs."
  type        = string
}

variable "cluster_name" {
  description = "Where it runs, by name."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets."
  type        = list(string)
}

variable "security_group_id" {
  description = "Who reaches it, and whom it reaches."
  type        = string
}

variable "ports" {
  description = "Where it listens, for people and for operators."
  type        = object({ service = number, ops = number })
}

variable "target_group_arn" {
  description = "Where the load balancer finds its tasks, or null."
  type        = string
  default     = null
}

variable "registry_arn" {
  description = "Where other services find its tasks by name, or null."
  type        = string
  default     = null
}

variable "deployment_alarms" {
  description = "Alarms that take a deployment back."
  type        = set(string)
  default     = []
}

variable "deployment_maximum_percent" {
  description = "Tasks during a deployment, of those wanted. Less than 200 replaces them in several turns."
  type        = number
  default     = 200

  validation {
    condition     = var.deployment_maximum_percent > 100 && var.deployment_maximum_percent <= 200
    error_message = "deployment_maximum_percent is ${var.deployment_maximum_percent}: use 101 to 200, because nothing is stopped before its successor runs."
  }
}

variable "open_files" {
  description = "Files and connections a task may have open."
  type        = number
  default     = 65535
}

variable "stop_timeout_s" {
  description = "Seconds between being told to stop and being killed; Fargate allows 120."
  type        = number
  default     = 60

  validation {
    condition     = var.stop_timeout_s >= 30 && var.stop_timeout_s <= 120
    error_message = "stop_timeout_s is ${var.stop_timeout_s}: use 30 to 120."
  }
}

variable "scaling" {
  description = "Further figures that decide how many tasks run: metrics by id, an expression over them, and its target for each task."
  type = map(object({
    target     = number
    expression = string
    metrics = map(object({
      namespace  = string
      name       = string
      stat       = string
      dimensions = map(string)
    }))
  }))
  default = {}
}
