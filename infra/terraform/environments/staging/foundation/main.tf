# The values of staging. `modules/foundation/variables.tf` explains them, and what else can be set.

module "foundation" {
  source = "../../../modules/foundation"

  environment = "staging"
  region      = "us-east-1"
  account_id  = "123456789012"
  zones       = ["us-east-1a", "us-east-1b", "us-east-1c"]

  domain  = "chat.staging.example.org"
  zone_id = "Z0123456789EXAMPLE"
  mail    = { from_address = "chat@staging.example.org", zone_id = "Z0123456789EXAMPLE" }

  size                = "small"
  deletion_protection = false

  alarm_emails = ["operators@example.org"]
  budget_usd   = 500

  documents_first_password = var.documents_first_password
}
