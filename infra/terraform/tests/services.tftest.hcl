mock_provider "aws" {
  source = "./mocks"
}

variables {
  size            = "medium"
  workspace_name  = "Example"
  sign_in_domains = ["example.org"]
  first_admin     = "admin@example.org"
  mail_from       = "Loquat <chat@example.org>"
  foundation      = jsondecode(file("values/services.tfvars.json")).foundation
  images          = jsondecode(file("values/services.tfvars.json")).images
}

run "the_services_are_more_patient_than_the_load_balancer" {
  command = plan
  module {
    source = "../modules/services"
  }

  assert {
    condition     = alltrue([for settings in local.settings : tonumber(settings.REQUEST_HEAD_TIMEOUT_S) > var.foundation.idle_timeout_s])
    error_message = "a service closes connections that the load balancer still uses"
  }
  assert {
    condition     = alltrue([for settings in local.settings : settings.CONNECTIONS_PER_ADDRESS == settings.MOST_CONNECTIONS])
    error_message = "all connections come from the few addresses of the load balancer"
  }
}

run "documentdb_gets_no_retried_writes_and_its_own_certificates" {
  command = plan
  module {
    source = "../modules/services"
  }

  assert {
    condition     = alltrue([for settings in local.settings : settings.DATABASE_RETRY_WRITES == "false" && settings.DATABASE_CA_FILE == "/data/database-ca.pem"])
    error_message = "a service would not reach DocumentDB"
  }
}

run "a_database_elsewhere_is_trusted_as_the_system_does" {
  command = plan
  module {
    source = "../modules/services"
  }
  variables {
    foundation = merge(jsondecode(file("values/services.tfvars.json")).foundation, { own_documents = false })
  }

  assert {
    condition     = alltrue([for settings in local.settings : settings.DATABASE_RETRY_WRITES == "true" && !contains(keys(settings), "DATABASE_CA_FILE")])
    error_message = "a service would speak to MongoDB as to DocumentDB"
  }
}

run "a_limit_can_be_set_for_one_service" {
  command = plan
  module {
    source = "../modules/services"
  }
  variables {
    settings = { chat-service = { SENDS_PER_S = "50" } }
  }

  assert {
    condition     = local.settings["chat-service"].SENDS_PER_S == "50" && !contains(keys(local.settings["user-service"]), "SENDS_PER_S")
    error_message = "the limit is not where it was set"
  }
}

run "chat_grows_by_connections_for_each_task" {
  command = plan
  module {
    source = "../modules/services"
  }

  assert {
    condition     = local.scaling["chat-service"].connections.target == 6000
    error_message = "the target is ${local.scaling["chat-service"].connections.target}"
  }
}

run "production_has_two_of_each" {
  command = plan
  module {
    source = "../modules/services"
  }
  variables {
    overrides = { chat-service = { min = 1 } }
  }
  expect_failures = [terraform_data.fits]
}

run "an_image_without_a_digest_is_refused" {
  command = plan
  module {
    source = "../modules/services"
  }
  variables {
    images = { user-service = "latest", mail-service = "latest", chat-service = "latest" }
  }
  expect_failures = [var.images]
}

run "a_service_that_is_not_there_is_refused" {
  command = plan
  module {
    source = "../modules/services"
  }
  variables {
    settings = { chat = { SENDS_PER_S = "50" } }
  }
  expect_failures = [var.settings]
}
