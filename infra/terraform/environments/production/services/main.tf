# The values of production. `modules/services/variables.tf` explains them, and what else can be set.

module "services" {
  source = "../../../modules/services"

  foundation = var.foundation
  images     = var.images

  size            = "medium"
  workspace_name  = "Example"
  sign_in_domains = ["example.org"]
  first_admin     = "admin@example.org"
  mail_from       = "Loquat <chat@example.org>"
}
