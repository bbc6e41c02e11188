# With a zone in Route 53 the certificate is asked for, proved and renewed by AWS, and the name points here. Without one
# both are brought along.

locals {
  has_zone        = var.zone_id != null
  certificate_arn = local.has_zone ? aws_acm_certificate_validation.this["this"].certificate_arn : var.certificate_arn
  zones           = local.has_zone ? { this = var.zone_id } : {}
}

resource "aws_acm_certificate" "this" {
  for_each = local.zones

  domain_name       = var.domain
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "proof" {
  for_each = local.zones

  zone_id         = each.value
  name            = one(aws_acm_certificate.this["this"].domain_validation_options).resource_record_name
  type            = one(aws_acm_certificate.this["this"].domain_validation_options).resource_record_type
  records         = [one(aws_acm_certificate.this["this"].domain_validation_options).resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  for_each = local.zones

  certificate_arn         = aws_acm_certificate.this["this"].arn
  validation_record_fqdns = [aws_route53_record.proof["this"].fqdn]
}

resource "aws_route53_record" "address" {
  for_each = local.zones

  zone_id = each.value
  name    = var.domain
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = true
  }
}
