# One key for each purpose, so that each can be taken away alone.

locals {
  keys = {
    data    = { for_whom = ["backup.amazonaws.com", "sns.amazonaws.com", "ses.amazonaws.com", "cloudwatch.amazonaws.com"], text = "What is kept" }
    secrets = { for_whom = [], text = "Secrets" }
    logs    = { for_whom = ["logs.${var.region}.amazonaws.com"], text = "Logs" }
  }
}

resource "aws_kms_key" "this" {
  for_each = local.keys

  description             = "${each.value.text} of ${local.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "this" {
  for_each = local.keys

  name          = "alias/${local.name}-${each.key}"
  target_key_id = aws_kms_key.this[each.key].key_id
}

# Beside the account itself, only services of AWS that encrypt for us, and only for this account.
resource "aws_kms_key_policy" "this" {
  for_each = local.keys

  key_id = aws_kms_key.this[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${var.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      }],
      [for service in each.value.for_whom : {
        Sid       = replace(title(replace(service, "/[.-]/", " ")), " ", "")
        Effect    = "Allow"
        Principal = { Service = service }
        Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"]
        Resource  = "*"
        # Logs name the account in the log group they encrypt for; the others by themselves.
        Condition = startswith(service, "logs.") ? {
          ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:${var.region}:${var.account_id}:*" }
          } : {
          StringEquals = { "aws:SourceAccount" = var.account_id }
        }
      }],
    )
  })
}
