"""OSCAL 1.2: the documents as a catalogue, and component definition, assessment plan, assessment results and POA&M about them."""
