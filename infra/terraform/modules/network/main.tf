# A network in three layers: what the internet reaches, what runs, and what is kept. Everything is keyed by the name of its
# zone, so that a zone can be added, or gateways multiplied, without anything else being made anew.

locals {
  places = { for index, zone in var.zones : zone => index }

  gateway_zones = {
    none   = []
    single = slice(var.zones, 0, 1)
    per_az = var.zones
  }[var.nat_mode]

  # Tasks leave through the gateway of their own zone, or else through the one there is.
  ways_out = {
    for zone in var.zones : zone => contains(local.gateway_zones, zone) ? zone : var.zones[0]
    if length(local.gateway_zones) > 0
  }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = { Name = var.name }
}

# What names no group of its own reaches nothing.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "public" {
  for_each = local.places

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 4, each.value)

  tags = { Name = "${var.name}-public-${each.key}" }
}

resource "aws_subnet" "private" {
  for_each = local.places

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 4, 4 + each.value)

  tags = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_subnet" "data" {
  for_each = local.places

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 4, 8 + each.value)

  tags = { Name = "${var.name}-data-${each.key}" }
}
