# The values of production. `modules/foundation/variables.tf` explains them, and what else can be set.

module "foundation" {
  source = "../../../modules/foundation"

  environment = "production"
  region      = "us-east-1"
  account_id  = "123456789012"
  zones       = ["us-east-1a", "us-east-1b", "us-east-1c"]

  domain  = "chat.example.org"
  zone_id = "Z0123456789EXAMPLE"
  mail    = { from_address = "chat@example.org", zone_id = "Z0123456789EXAMPLE" }

  size                = "medium"
  deletion_protection = true

  alarm_emails = ["operators@example.org"]
  budget_usd   = 3000

  documents_first_password = var.documents_first_password
}
