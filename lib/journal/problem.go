package journal

import (
	"errors"
	"fmt"
)

// A Problem is something in a file that does not fit. The reading goes on.
type Problem struct {
	File   *File
	Offset uint64 // in bytes, 0 where it is no single place
	What   string
	Lost   bool // entries may be missing; else only the index is slower than it should be
}

func (p *Problem) Error() string {
	if p.Offset == 0 {
		return p.What
	}
	return fmt.Sprintf("offset %d: %s", p.Offset, p.What)
}

// A fault is what is wrong at an offset, before it is known what it costs.
type fault struct {
	offset uint64
	what   string
}

func (e *fault) Error() string { return fmt.Sprintf("offset %d: %s", e.offset, e.what) }

func faultAt(offset uint64, format string, args ...any) error {
	return &fault{offset, fmt.Sprintf(format, args...)}
}

// say puts a fault into a sentence.
func say(err error, format string) error {
	if f := (*fault)(nil); errors.As(err, &f) {
		return &fault{f.offset, fmt.Sprintf(format, f.what)}
	}
	return fmt.Errorf(format, err)
}
