variable "region" {
  description = "The region."
  type        = string
  default     = "us-east-1"
}

variable "account_id" {
  description = "The account, twelve digits."
  type        = string
}

variable "domain" {
  description = "The name people use, and the domain of mails."
  type        = string
}

variable "zone_id" {
  description = "The hosted zone of the domain in Route 53."
  type        = string
}

variable "first_admin" {
  description = "The address that becomes the administrator; its domain may sign in."
  type        = string
}

variable "images" {
  description = "The digest of each service, once there are images."
  type        = object({ user-service = string, mail-service = string, chat-service = string })
  default     = null
}

variable "documents_first_password" {
  description = "By TF_VAR_documents_first_password: a fresh one each time, of which only the first is used."
  type        = string
  ephemeral   = true
}
