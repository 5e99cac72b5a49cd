package main

import (
	"bytes"
	"errors"

	"github.com/sl-suite/sl/lib/stage"
)

// magic is how files begin that have no lines, and which program reads them.
var magic = [...]struct{ start, program string }{
	{"\x1f\x8b", "gzip"},
	{"\xfd7zXZ\x00", "xz"},
	{"\x28\xb5\x2f\xfd", "zstd"},
	{"BZh91AY&SY", "bzip2"}, // the 9 is the size of blocks that bzip2(1) has by default
}

// packed says of a file that begins like this that it has no lines, and what to do;
// nil where it may have some.
func packed(start []byte) error {
	if bytes.HasPrefix(start, []byte("LPKSHHRH")) { // lib/journal: the signature
		return stage.WithHint(errors.New("is a journal"), "--journal=FILE reads it")
	}
	for _, m := range magic {
		if bytes.HasPrefix(start, []byte(m.start)) {
			return stage.WithHint(errors.New("is packed by "+m.program),
				m.program+" -dc FILE | sl-read reads it, with trust none; unpacked into a file it keeps its trust")
		}
	}
	return nil
}
