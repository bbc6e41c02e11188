mock_provider "aws" {
  source = "./mocks"
}

variables {
  environment              = "production"
  region                   = "us-east-1"
  account_id               = "123456789012"
  zones                    = ["us-east-1a", "us-east-1b", "us-east-1c"]
  domain                   = "chat.example.org"
  zone_id                  = "Z0123456789EXAMPLE"
  mail                     = { from_address = "chat@example.org", zone_id = "Z0123456789EXAMPLE" }
  size                     = "medium"
  deletion_protection      = true
  alarm_emails             = ["operators@example.org"]
  budget_usd               = 3000
  documents_first_password = "onlyForThisTest1234"
}

run "medium_survives_the_loss_of_a_zone" {
  command = plan
  module {
    source = "../modules/foundation"
  }

  assert {
    condition     = local.chosen.documents_count == 3 && local.chosen.cache_count == 2 && local.chosen.broker_clustered && local.chosen.nat_mode == "per_az"
    error_message = "medium is ${jsonencode(local.chosen)}"
  }
  assert {
    condition     = length(module.backup) == 1
    error_message = "the documents are not copied"
  }
}

run "small_is_one_of_everything" {
  command = plan
  module {
    source = "../modules/foundation"
  }
  variables {
    environment         = "staging"
    size                = "small"
    zones               = ["us-east-1a", "us-east-1b"]
    deletion_protection = false
  }

  assert {
    condition     = local.chosen.documents_count == 1 && local.chosen.cache_count == 1 && !local.chosen.broker_clustered && local.chosen.nat_mode == "single"
    error_message = "small is ${jsonencode(local.chosen)}"
  }
}

run "a_single_line_of_a_size_can_be_different" {
  command = plan
  module {
    source = "../modules/foundation"
  }
  variables {
    size      = "large"
    overrides = { cache_type = "cache.r7g.2xlarge" }
  }

  assert {
    condition     = local.chosen.cache_type == "cache.r7g.2xlarge" && local.chosen.documents_storage == "iopt1"
    error_message = "large is ${jsonencode(local.chosen)}"
  }
}

run "a_database_elsewhere_makes_none_here" {
  command = plan
  module {
    source = "../modules/foundation"
  }
  variables {
    documents_mode = "external"
  }

  assert {
    condition     = length(module.documents) == 0 && length(module.backup) == 0
    error_message = "there is a database, or a copy of nothing"
  }
}

run "production_is_protected" {
  command = plan
  module {
    source = "../modules/foundation"
  }
  variables {
    deletion_protection = false
  }
  expect_failures = [var.deletion_protection]
}

run "production_is_not_one_of_everything" {
  command = plan
  module {
    source = "../modules/foundation"
  }
  variables {
    size = "small"
  }
  expect_failures = [terraform_data.fits]
}

run "three_nodes_want_three_zones" {
  command = plan
  module {
    source = "../modules/foundation"
  }
  variables {
    zones = ["us-east-1a", "us-east-1b"]
  }
  expect_failures = [terraform_data.fits]
}

run "zones_are_in_the_region" {
  command = plan
  module {
    source = "../modules/foundation"
  }
  variables {
    region = "eu-central-1"
  }
  expect_failures = [var.zones]
}

run "an_unknown_size_is_refused" {
  command = plan
  module {
    source = "../modules/foundation"
  }
  variables {
    size = "huge"
  }
  expect_failures = [var.size]
}

run "an_address_is_no_domain" {
  command = plan
  module {
    source = "../modules/foundation"
  }
  variables {
    domain = "https://chat.example.org"
  }
  expect_failures = [var.domain]
}
