variable "documents_first_password" {
  description = "By TF_VAR_documents_first_password: a fresh one each time, of which only the first is used."
  type        = string
  ephemeral   = true
}
