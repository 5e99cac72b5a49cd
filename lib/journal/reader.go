package journal

import (
	"errors"
	"fmt"
	"iter"
)

// A Reader reads files as one stream.
type Reader struct {
	matches []Match
	sources []*source
	after   *Cursor

	problems []*Problem // found, and not yet told
	entry    Entry

	blocks   blocks
	unpacker unpacker
	kept     [keptCount]kept
	buf      []byte // the payloads of the entry
	datum    []datum
	item     []item
	packed   []byte
	hashes   hashes
}

// hashes are those of the matches in one file.
type hashes struct {
	file *File
	of   []uint64
}

// NewReader returns a reader of the entries that have any of the matches; without a
// match it reads all. Of an entry that stands in two files, that of the file which
// is named first comes.
func NewReader(matches []Match, files ...*File) *Reader {
	r := &Reader{matches: matches}
	for _, f := range files {
		r.Add(f)
	}
	return r
}

// Add has the reader read one more file.
func (r *Reader) Add(f *File) { r.sources = append(r.sources, &source{f: f}) }

// SeekAfter passes over what does not come after a place. It is for a reader that
// has read nothing.
func (r *Reader) SeekAfter(c Cursor) { r.after = &c }

// Refresh reads the headers anew, and [Reader.Entries] can go on with what was added
// to the files since. An error is a [*Problem]; that file is done with.
func (r *Reader) Refresh() error {
	var all []error
	for _, s := range r.sources {
		if s.mode == gone {
			continue
		}
		before := s.f.Header
		if err := s.f.refresh(); err != nil {
			s.mode = gone
			all = append(all, &Problem{s.f, 0, err.Error(), true})
		} else if s.f.Header != before {
			s.ready, s.ended, s.tries = false, false, 0
		}
	}
	return errors.Join(all...)
}

// Entries yields what there is, in order, and what does not fit, which is a
// [*Problem] and no end.
func (r *Reader) Entries() iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		for {
			best := r.best()
			for len(r.problems) > 0 {
				p := r.problems[0]
				r.problems = r.problems[1:]
				if !yield(nil, p) {
					return
				}
			}
			if best == nil {
				return
			}
			whole := r.take(best)
			if whole && !yield(&r.entry, nil) {
				return
			}
		}
	}
}

// best returns the source whose next entry is the first of all; nil at the end.
func (r *Reader) best() (best *source) {
	for _, s := range r.sources {
		for !s.has && r.advance(s) {
			if s.has = r.after == nil || s.head.compare(r.after) > 0; !s.has {
				s.last = s.offset
			}
		}
		if s.has && (best == nil || s.head.compare(&best.head) < 0) {
			best = s
		}
	}
	return best
}

// take reads the fields of a source's next entry, and goes on in it and in those
// that have the same one.
func (r *Reader) take(s *source) (whole bool) {
	s.has = false
	err := r.fieldsOf(s, s.offset)
	if err == errIndex { // it is looked for again, in another way
		r.fault(s, faultAt(s.offset, "an entry without the field that its list is of"))
		return false
	}
	if err != nil && r.again(s) { // what was read before it was written whole
		return false
	}
	s.last = s.offset
	if err != nil {
		r.problem(s, err, true)
		return false
	}
	s.tries = 0
	for _, other := range r.sources {
		if other.has && other.head.compare(&s.head) == 0 {
			other.has, other.last = false, other.offset
		}
	}
	return true
}

var errIndex = errors.New("the index led to the wrong entry")

// fieldsOf reads the fields of an entry.
func (r *Reader) fieldsOf(s *source, offset uint64) error {
	if err := r.items(s.f, offset); err != nil {
		return err
	}
	if s.mode == indexed && !r.names(s, offset) {
		return errIndex
	}
	return r.load(s.f, offset, &s.head)
}

// names reports whether an entry has the data whose list led to it.
func (r *Reader) names(s *source, offset uint64) bool {
	for i := range s.chains {
		c := &s.chains[i]
		if s.offsets[i] != offset || c.data == 0 {
			continue
		}
		found := false
		for _, item := range r.item {
			found = found || item.offset == c.data
		}
		if !found {
			return false
		}
	}
	return true
}

// matched reports whether the entry that was loaded has any of the matches.
func (r *Reader) matched() bool {
	for _, f := range r.entry.Fields {
		for i := range r.matches {
			if string(f.Name) == r.matches[i].Name && !f.TooLong && string(f.Value) == r.matches[i].Value {
				return true
			}
		}
	}
	return len(r.matches) == 0
}

func (r *Reader) hashOf(f *File, i int) uint64 {
	if r.hashes.file != f {
		r.hashes.file, r.hashes.of = f, r.hashes.of[:0]
		for i := range r.matches {
			r.hashes.of = append(r.hashes.of, f.hash(r.matches[i].payload()))
		}
	}
	return r.hashes.of[i]
}

// maxProblems bounds what is said of one file: the rest is counted.
const maxProblems = 8

func (r *Reader) problem(s *source, err error, lost bool) {
	p := &Problem{File: s.f, What: err.Error(), Lost: lost}
	if f := (*fault)(nil); errors.As(err, &f) {
		p.Offset, p.What = f.offset, f.what
	}
	s.problems++
	if s.problems <= maxProblems {
		r.problems = append(r.problems, p)
	}
}

// suppressed says how many problems were only counted.
func (r *Reader) suppressed(s *source) {
	if s.problems > maxProblems {
		r.problems = append(r.problems, &Problem{s.f, 0, fmt.Sprintf("%d more faults", s.problems-maxProblems), true})
		s.problems = 0
	}
}
