variable "foundation" {
  description = "What `terraform output -json for_services` of the foundation says."
  type = object({
    name              = string
    region            = string
    account_id        = string
    production        = bool
    url               = string
    own_documents     = bool
    private_subnets   = list(string)
    trusted_proxies   = list(string)
    task_groups       = map(string)
    ports             = object({ service = number, ops = number })
    cluster_arn       = string
    cluster_name      = string
    registry_arn      = string
    user_service_url  = string
    target_groups     = map(object({ arn = string, arn_suffix = string }))
    load_balancer     = string
    idle_timeout_s    = number
    broker_name       = string
    repositories      = map(object({ arn = string, url = string }))
    secrets           = map(string)
    secrets_key_arn   = string
    logs_key_arn      = string
    deployment_alarms = list(string)
  })
}

variable "images" {
  description = "What runs, by service: digests of images in the registry, as sha256:…"
  type        = object({ user-service = string, mail-service = string, chat-service = string })

  validation {
    condition     = alltrue([for digest in values(var.images) : can(regex("^sha256:[0-9a-f]{64}$", digest))])
    error_message = "images is ${jsonencode(var.images)}: give each as sha256: and 64 digits, as `docker buildx build --metadata-file` says after pushing."
  }
}

variable "size" {
  description = "How much of everything: small, medium or large."
  type        = string

  validation {
    condition     = contains(["small", "medium", "large"], var.size)
    error_message = "size is ${var.size}: use small, medium or large, and change single services by overrides."
  }
}

variable "overrides" {
  description = "What is different from the chosen size, by service."
  type = map(object({
    cpu         = optional(number)
    memory      = optional(number)
    min         = optional(number)
    max         = optional(number)
    connections = optional(number)
  }))
  default = {}

  validation {
    condition     = length(setsubtract(keys(var.overrides), ["user-service", "mail-service", "chat-service"])) == 0
    error_message = "overrides names ${join(", ", keys(var.overrides))}: the services are user-service, mail-service and chat-service."
  }
}

variable "settings" {
  description = "Further settings by service, such as limits, by the names that its --help explains."
  type        = map(map(string))
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.settings), ["user-service", "mail-service", "chat-service"])) == 0
    error_message = "settings names ${join(", ", keys(var.settings))}: the services are user-service, mail-service and chat-service."
  }
}

variable "workspace_name" {
  description = "The workspace's name at the first start."
  type        = string
}

variable "sign_in_domains" {
  description = "E-mail domains whose addresses may join at the first start."
  type        = list(string)

  validation {
    condition     = length(var.sign_in_domains) > 0
    error_message = "sign_in_domains is empty: name the e-mail domains whose addresses may sign in, such as example.org."
  }
}

variable "first_admin" {
  description = "The address that becomes the administrator at its first sign-in."
  type        = string

  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+$", var.first_admin))
    error_message = "first_admin is ${var.first_admin}: give an e-mail address."
  }
}

variable "mail_from" {
  description = "The sender of mails, such as Loquat <chat@example.org>; its address is mail.from_address of the foundation."
  type        = string
}

variable "log" {
  description = "What is logged: a level, or levels by module."
  type        = string
  default     = "info"
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30
}
