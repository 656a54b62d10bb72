#!/usr/bin/env python3
"""As kill_test.py, with the log on a real Kafka: nothing is lost, nothing counts twice."""
import case
import kill_test
from kafka_case import KafkaCase


class KafkaKillTest(KafkaCase, kill_test.KillTest):
    def opened(self):
        return self.engine(self.topic())


if __name__ == "__main__":
    case.main(kill_test.add_arguments)
