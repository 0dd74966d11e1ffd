"""Breaking promises on purpose, on services that the lab started, to show that it is caught and named."""
