//! Who the demonstration people are and what they wrote.

/// Names and titles, in the order in which `--people N` takes them.
pub(super) const PEOPLE: &[(&str, &str)] = &[
    ("Mei Tan", "Product designer"),
    ("Jonas Keller", "Backend engineer"),
    ("Amara Okafor", "Head of support"),
    ("Luis Herrera", "Office manager"),
    ("Priya Raman", "Data analyst"),
    ("Tomáš Novák", "Site reliability"),
    ("Elin Sjöberg", "Customer success"),
    ("Omar Haddad", "Sales"),
    ("Sophie Laurent", "Finance"),
    ("Daniel Mensah", "Frontend engineer"),
    ("Yuki Mori", "Quality assurance"),
    ("Hannah Fischer", "People and culture"),
];

/// A public channel of the demonstration.
pub(super) struct Channel {
    pub(super) name: &'static str,
    /// Who says what: an index into [`PEOPLE`] and a message. Lines of people who are not there are left out.
    pub(super) lines: &'static [(usize, &'static str)],
}

pub(super) const CHANNELS: &[Channel] = &[
    Channel {
        name: "general",
        lines: &[
            (
                3,
                "Good morning everyone. The new plants have arrived, and nobody is to water the cactus.",
            ),
            (0, "It is a **loquat**, Luis. It wants water twice a week."),
            (3, "Noted. The *loquat* gets water, the cactus gets peace."),
            (2, "Support is quiet today: 4 open questions, none older than an hour."),
            (
                6,
                "Thank you all for yesterday. Three customers wrote to say how quickly they were back at work.",
            ),
            (
                7,
                "Visitors from Lisbon come on Thursday at 10. Who can show them around?",
            ),
            (0, "I can, if somebody saves me a coffee."),
            (
                4,
                "The numbers for last week:\n\n| day | sign-ins | messages |\n| --- | ---: | ---: |\n| Monday | 412 | 9,310 |\n| Tuesday | 430 | 10,204 |\n| Wednesday | 425 | 9,871 |",
            ),
            (1, "Deploy is at noon. Nobody should notice."),
            (5, "And nobody noticed. 0 lost messages, 0 double ones."),
        ],
    },
    Channel {
        name: "engineering",
        lines: &[
            (
                1,
                "The reconnect fix is in. A cut in the middle of a send now ends in exactly one message:\n\n```rust\nlet stored = log.append(entry).await?;\nassert_eq!(stored.seq, head + 1);\n```",
            ),
            (
                9,
                "Tried it with the cable in my hand. Ten cuts, ten messages, in order.",
            ),
            (
                10,
                "I ran the kill rounds over night: 100 of 100 without a difference between the four clients.",
            ),
            (5, "Memory after the night: flat."),
            (
                0,
                "New sketches for the sidebar:\n\n- unread first\n- one line per conversation\n- nothing that moves by itself",
            ),
            (9, "I like the calm one. Is `264px` wide enough for long channel names?"),
            (0, "They are cut with an ellipsis, and the full name is in the tooltip."),
            (1, "Then let us build that one."),
        ],
    },
    Channel {
        name: "kitchen",
        lines: &[
            (
                11,
                "There is cake. It is somebody's birthday and I am not allowed to say whose.",
            ),
            (10, "Happy birthday, Jonas."),
            (1, "Who told you"),
            (8, "The invoice for the cake did."),
        ],
    },
];

/// What a newcomer finds in their direct messages: who writes, and what.
pub(super) const WELCOMES: &[(usize, &str)] = &[
    (
        0,
        "Hello, and welcome. I sit by the window with the plants. Write me when you want a tour.",
    ),
    (2, "Hi. If anything does not work, tell me and I will find out why."),
];
