package stage

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"errors"
	"fmt"
)

// What the second start has to know: how many messages about unusable input there
// were already, and the flags, parsed, with what Open put into them. They are not
// parsed again, for that is a third of the start; and what a file said is taken
// from the one start that could open it.

func pack(used int, f Flags) ([]byte, error) {
	var b bytes.Buffer
	e := gob.NewEncoder(&b)
	if err := errors.Join(e.Encode(used), e.Encode(f)); err != nil {
		return nil, fmt.Errorf("handover: %w", err)
	}
	return b.Bytes(), nil
}

// unpack fills f with what pack was given.
func unpack(b []byte, f Flags) (used int, err error) {
	d := gob.NewDecoder(bytes.NewReader(b))
	if err := cmp.Or(d.Decode(&used), d.Decode(f)); err != nil {
		return 0, fmt.Errorf("handover: %w", err)
	}
	return used, nil
}
