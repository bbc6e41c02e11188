variable "region" {
  description = "Where the state is kept."
  type        = string
}

variable "account_id" {
  description = "The account, twelve digits."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is ${var.account_id}: give the twelve digits of the account, as text."
  }
}

variable "environments" {
  description = "The environments of this account, whose roles a workflow may make."
  type        = set(string)
  default     = ["staging", "production"]
}

variable "deploy_issuer" {
  description = "Who vouches for workflows."
  type        = string
  default     = "https://token.actions.githubusercontent.com"

  validation {
    condition     = startswith(var.deploy_issuer, "https://")
    error_message = "deploy_issuer is ${var.deploy_issuer}: give an address that begins with https://."
  }
}

variable "deploy_subjects" {
  description = "Which workflows may deploy, such as repo:example/loquat:environment:production. None: no role is made."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for subject in var.deploy_subjects : !strcontains(subject, "*")])
    error_message = "deploy_subjects is ${jsonencode(var.deploy_subjects)}: name each workflow whole; with * a branch of a stranger could deploy."
  }
}
