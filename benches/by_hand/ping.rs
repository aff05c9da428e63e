//! Messages to and fro at one instant: a ring, and nothing else.

use std::collections::VecDeque;
use std::hint::black_box;

#[derive(Clone, Copy)]
enum Message {
    Ping(u64),
    Pong(u64),
}

/// Sends `rounds` messages, each after the answer to the last one; the sum of all answers.
pub(crate) fn run(rounds: u64) -> u64 {
    let mut ring = VecDeque::with_capacity(16);
    let (mut round, mut sum) = (0, 0_u64);
    ring.push_back(Message::Ping(round));
    // Without the black box the compiler finds the sum without sending anything.
    while let Some(message) = black_box(&mut ring).pop_front() {
        match message {
            Message::Ping(number) => ring.push_back(Message::Pong(number + 1)),
            Message::Pong(answer) => {
                sum += answer;
                round += 1;
                if round < rounds {
                    ring.push_back(Message::Ping(round));
                }
            }
        }
    }
    sum
}
