# Once for each account, with its state in this folder: where the state of everything else is kept, and who may deploy.

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = { Project = "loquat", Environment = "all", ManagedBy = "terraform", Stack = "bootstrap" }
  }
}

locals {
  bucket = "loquat-${var.account_id}-terraform"
}

module "state" {
  source = "../modules/files"

  bucket            = local.bucket
  key_arn           = aws_kms_key.state.arn
  old_versions_days = 365
}

resource "aws_kms_key" "state" {
  description             = "State of Terraform"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Account"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${var.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "state" {
  name          = "alias/loquat-terraform"
  target_key_id = aws_kms_key.state.key_id
}
