variable "documents_first_password" {
  description = "By TF_VAR_documents_first_password, at the first apply only."
  type        = string
  default     = null
  ephemeral   = true
}
