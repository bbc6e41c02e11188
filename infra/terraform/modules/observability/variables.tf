variable "name" {
  description = "What the names of alarms begin with."
  type        = string
}

variable "environment" {
  description = "The value of the tag Environment, by which costs are counted."
  type        = string
}

variable "region" {
  description = "The region of the figures."
  type        = string
}

variable "topic_arn" {
  description = "Where alarms are told."
  type        = string
}

variable "emails" {
  description = "Who hears about the budget."
  type        = set(string)

  validation {
    condition     = length(var.emails) > 0
    error_message = "emails is empty: name at least one address, or nobody hears of an alarm."
  }
}

variable "budget_usd" {
  description = "What a month may cost."
  type        = number

  validation {
    condition     = var.budget_usd > 0
    error_message = "budget_usd is ${var.budget_usd}: give what a month may cost, in US dollars."
  }
}

variable "alarms" {
  description = "What is watched: the figure, and when it is too high or too low for how many minutes."
  type = map(object({
    description = string
    namespace   = string
    metric      = string
    dimensions  = map(string)
    statistic   = string
    threshold   = number
    minutes     = number
    below       = optional(bool, false)
    missing     = optional(string, "notBreaching")
  }))
}
