mock_provider "aws" {}

variables {
  name               = "loquat-test"
  region             = "us-east-1"
  account_id         = "123456789012"
  zones              = ["us-east-1a", "us-east-1b", "us-east-1c"]
  documents_cidr     = "10.42.0.0/16"
  nat_mode           = "per_az"
  log_retention_days = 14
  logs_key_arn       = "arn:aws:kms:us-east-1:123456789012:key/1"
}

run "each_zone_has_a_way_out_of_its_own" {
  command = plan
  module {
    source = "../modules/network"
  }

  assert {
    condition     = join(",", sort(keys(aws_nat_gateway.this))) == "us-east-1a,us-east-1b,us-east-1c"
    error_message = "per_az is ${join(",", keys(aws_nat_gateway.this))}"
  }
  assert {
    condition     = length(aws_route.private) == 3
    error_message = "a zone has no way out"
  }
}

run "one_way_out_is_shared_and_is_that_of_the_first_zone" {
  command = plan
  module {
    source = "../modules/network"
  }
  variables {
    nat_mode = "single"
  }

  assert {
    condition     = join(",", keys(aws_nat_gateway.this)) == "us-east-1a" && length(aws_route.private) == 3
    error_message = "single has ${join(",", keys(aws_nat_gateway.this))} for ${length(aws_route.private)} zones"
  }
}

run "without_a_way_out_there_are_only_doors_to_aws" {
  command = plan
  module {
    source = "../modules/network"
  }
  variables {
    nat_mode            = "none"
    interface_endpoints = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "email-smtp"]
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_route.private) == 0 && length(aws_vpc_endpoint.interface) == 5
    error_message = "none still has a way out, or lacks a door"
  }
}

run "without_a_way_out_the_doors_that_are_needed_are_named" {
  command = plan
  module {
    source = "../modules/network"
  }
  variables {
    nat_mode = "none"
  }
  expect_failures = [var.nat_mode]
}

run "an_unknown_way_out_is_refused" {
  command = plan
  module {
    source = "../modules/network"
  }
  variables {
    nat_mode = "double"
  }
  expect_failures = [var.nat_mode]
}

run "one_zone_is_too_few" {
  command = plan
  module {
    source = "../modules/network"
  }
  variables {
    zones = ["us-east-1a"]
  }
  expect_failures = [var.zones]
}

run "a_zone_that_is_added_moves_nobody" {
  command = plan
  module {
    source = "../modules/network"
  }
  variables {
    zones = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]
  }

  assert {
    condition = (
      aws_subnet.private["us-east-1b"].cidr_block == "10.42.80.0/20" && aws_subnet.data["us-east-1a"].cidr_block == "10.42.128.0/20"
      && aws_subnet.public["us-east-1d"].cidr_block == "10.42.48.0/20"
    )
    error_message = "a subnet has other addresses than with three zones"
  }
}

run "only_the_load_balancer_hears_the_internet" {
  command = plan
  module {
    source = "../modules/network"
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.task : rule.cidr_ipv4 == null])
    error_message = "a task is open to addresses instead of to a group"
  }
  assert {
    condition     = join(",", sort([for rule in aws_vpc_security_group_ingress_rule.load_balancer : tostring(rule.from_port)])) == "443,80"
    error_message = "the load balancer is open at other ports than 80 and 443"
  }
}
