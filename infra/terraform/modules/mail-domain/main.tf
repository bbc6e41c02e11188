# The right to send mail as this domain: signed (DKIM), with a path back of its own, and told about bounces and complaints.

resource "aws_sesv2_email_identity" "this" {
  email_identity         = var.domain
  configuration_set_name = aws_sesv2_configuration_set.this.configuration_set_name

  dkim_signing_attributes {
    next_signing_key_length = "RSA_2048_BIT"
  }
}

resource "aws_sesv2_email_identity_mail_from_attributes" "this" {
  email_identity         = aws_sesv2_email_identity.this.email_identity
  mail_from_domain       = local.path_back
  behavior_on_mx_failure = "USE_DEFAULT_VALUE"
}

resource "aws_sesv2_configuration_set" "this" {
  configuration_set_name = var.name

  delivery_options {
    tls_policy = "REQUIRE"
  }

  reputation_options {
    reputation_metrics_enabled = true
  }

  suppression_options {
    suppressed_reasons = ["BOUNCE", "COMPLAINT"]
  }
}

resource "aws_sesv2_configuration_set_event_destination" "this" {
  configuration_set_name = aws_sesv2_configuration_set.this.configuration_set_name
  event_destination_name = "operators"

  event_destination {
    enabled              = true
    matching_event_types = ["BOUNCE", "COMPLAINT", "REJECT"]

    sns_destination {
      topic_arn = var.topic_arn
    }
  }
}

# What mail-service signs in with. Its access key is made by the script `credentials` and never known here.
resource "aws_iam_user" "smtp" {
  name = "${var.name}-smtp"
}

resource "aws_iam_user_policy" "smtp" {
  name = "send"
  user = aws_iam_user.smtp.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = ["ses:SendRawEmail"]
      Resource = [
        "arn:aws:ses:${var.region}:${var.account_id}:identity/${var.domain}",
        "arn:aws:ses:${var.region}:${var.account_id}:configuration-set/${var.name}",
      ]
      Condition = { StringEquals = { "ses:FromAddress" = var.from_address } }
    }]
  })
}

locals {
  path_back = "bounce.${var.domain}"

  records = {
    dkim-1    = { name = "${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[0]}._domainkey.${var.domain}", type = "CNAME", value = "${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[0]}.dkim.amazonses.com" }
    dkim-2    = { name = "${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[1]}._domainkey.${var.domain}", type = "CNAME", value = "${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[1]}.dkim.amazonses.com" }
    dkim-3    = { name = "${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[2]}._domainkey.${var.domain}", type = "CNAME", value = "${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[2]}.dkim.amazonses.com" }
    path-back = { name = local.path_back, type = "MX", value = "10 feedback-smtp.${var.region}.amazonses.com" }
    senders   = { name = local.path_back, type = "TXT", value = "v=spf1 include:amazonses.com -all" }
    policy    = { name = "_dmarc.${var.domain}", type = "TXT", value = "v=DMARC1; p=quarantine; adkim=r; aspf=r" }
  }
}

resource "aws_route53_record" "this" {
  for_each = { for key in ["dkim-1", "dkim-2", "dkim-3", "path-back", "senders", "policy"] : key => key if var.zone_id != null }

  zone_id = var.zone_id
  name    = local.records[each.key].name
  type    = local.records[each.key].type
  records = [local.records[each.key].value]
  ttl     = 300
}
