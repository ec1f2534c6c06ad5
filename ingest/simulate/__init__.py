"""Made datasets with known operations, for the demo, the tests and evaluation."""
