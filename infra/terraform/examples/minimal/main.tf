# Everything in one state, as small as it gets: for a look at it in an account of one's own. Real environments keep what
# stays and what changes apart, as `environments/` does.

terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = { Project = "loquat", Environment = "trial", ManagedBy = "terraform", Stack = "minimal" }
  }
}

module "foundation" {
  source = "../../modules/foundation"

  environment = "trial"
  region      = var.region
  account_id  = var.account_id
  zones       = ["${var.region}a", "${var.region}b"]

  domain  = var.domain
  zone_id = var.zone_id
  mail    = { from_address = "chat@${var.domain}", zone_id = var.zone_id }

  size                = "small"
  deletion_protection = false
  alarm_emails        = [var.first_admin]
  budget_usd          = 400

  documents_first_password = var.documents_first_password
}

# Left out until the images are pushed and the secrets written.
module "services" {
  source = "../../modules/services"
  count  = var.images == null ? 0 : 1

  foundation = module.foundation.for_services.foundation
  images     = var.images

  size            = "small"
  workspace_name  = "Trial"
  sign_in_domains = [split("@", var.first_admin)[1]]
  first_admin     = var.first_admin
  mail_from       = "Loquat <chat@${var.domain}>"
}

output "for_credentials" {
  description = "What the script `credentials` has to know: places, never values."
  value       = module.foundation.for_credentials
}

output "url" {
  description = "What people enter in the app."
  value       = module.foundation.url
}

output "broker_first_password" {
  description = "What the broker takes until the script `credentials` has made a user of its own."
  value       = module.foundation.broker_first_password
  sensitive   = true
}
