"""Which order is meant and what stands with it: state, parcel news, cases."""
