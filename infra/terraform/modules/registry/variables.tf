variable "prefix" {
  description = "What the names of the repositories begin with."
  type        = string
}

variable "names" {
  description = "The services."
  type        = set(string)
}

variable "key_arn" {
  description = "The key that images are encrypted with."
  type        = string
}

variable "kept_images" {
  description = "Images of each service that are kept."
  type        = number
  default     = 30

  validation {
    condition     = var.kept_images >= 5
    error_message = "kept_images is ${var.kept_images}: keep at least 5, so that there is something to go back to."
  }
}
