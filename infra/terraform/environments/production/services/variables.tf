variable "foundation" {
  description = "From foundation.auto.tfvars.json, which `terraform output -json for_services` of the foundation writes."
  type        = any
}

variable "images" {
  description = "From images.auto.tfvars.json: the digest of each service."
  type        = object({ user-service = string, mail-service = string, chat-service = string })
}
