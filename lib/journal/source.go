package journal

// mode is how a source finds its entries.
type mode uint8

const (
	indexed mode = iota // by lists that were checked
	walking             // object by object from the front
	beyond              // by the file's own list, where walking came to an end
	gone
)

// A source is a file that is read, and where.
type source struct {
	f      *File
	mode   mode
	ready  bool // the mode has begun
	ended  bool // there is no more until the header is read anew
	probed bool // the end of the file was looked at
	tries  int  // how often a file that is written to was looked at again
	last   uint64
	seqnum uint64 // the last one
	rowAt  uint64 // the entry that has it
	oddRow bool   // the numbers are not in a row, and this was said
	short  bool   // entries are missing, and this was said

	chains  []chain
	offsets []uint64 // the next of each chain, 0 at its end

	walk    uint64 // the next object
	counted uint64 // entries that were walked over

	has    bool
	head   Cursor // of the next entry
	offset uint64 // where it is

	problems int
}

// advance looks for the next entry of a source.
func (r *Reader) advance(s *source) bool {
	for s.mode != gone && !s.ended {
		if !s.ready {
			if err := r.begin(s); err != nil {
				r.fault(s, err)
				continue
			}
			s.ready = true
		}
		offset, err := r.next(s)
		if err == nil && offset == 0 {
			r.end(s)
			return false
		}
		if err == nil {
			s.head, err = r.key(s.f, offset)
		}
		if err != nil && r.again(s) {
			continue
		}
		if err != nil && offset != 0 && s.mode != indexed {
			r.problem(s, err, true) // this one alone
			s.last = offset
			continue
		}
		if err != nil {
			r.fault(s, err)
			continue
		}
		s.offset = offset
		if s.mode != indexed && !r.wanted(s) {
			s.last = offset
			continue
		}
		r.inRow(s)
		return true
	}
	return false
}

// wanted reports whether an entry that no list led to is one of those that are
// looked for. One that cannot be read may be: take says what is wrong with it.
func (r *Reader) wanted(s *source) bool {
	return len(r.matches) == 0 || r.fieldsOf(s, s.offset) != nil || r.matched()
}

// inRow says once where the numbers of a file do not count up: the order may be wrong.
func (r *Reader) inRow(s *source) {
	n := s.head.Seqnum
	if s.offset <= s.rowAt {
		return
	}
	if !s.oddRow && (n <= s.seqnum || s.f.State != Online && (n < s.f.HeadSeqnum || n > s.f.TailSeqnum)) {
		s.oddRow = true
		r.problem(s, faultAt(s.offset, "an entry has number %d, after %d", n, s.seqnum), false)
	}
	s.seqnum, s.rowAt = n, s.offset
}

// begin sets out in a mode, or goes on where the source was.
func (r *Reader) begin(s *source) error {
	r.probe(s)
	switch s.mode {
	case walking:
		if s.walk == 0 {
			s.walk = s.f.size
		}
		return nil
	case beyond:
		s.chains = []chain{s.f.all()}
	case indexed:
		if err := r.chains(s); err != nil {
			return err
		}
	}
	s.offsets = make([]uint64, len(s.chains))
	for i := range s.chains {
		if err := r.skip(s, i); err != nil {
			return err
		}
	}
	return nil
}

// probe says where a file is shorter than its header says.
func (r *Reader) probe(s *source) {
	if s.probed || s.f.tail == 0 {
		return
	}
	s.probed = true
	if _, err := r.object(s.f, s.f.tail); err != nil {
		r.problem(s, say(err, "the last object is not whole: %s"), true)
	}
}

// chains makes the lists of what is looked for, and checks them.
func (r *Reader) chains(s *source) error {
	var chains []chain
	if len(r.matches) == 0 {
		chains = []chain{s.f.all()}
	} else {
		data, err := r.lookup(s.f)
		if err != nil {
			return err
		}
		for _, offset := range data {
			if offset == 0 {
				continue
			}
			c, err := r.chainOf(s.f, offset)
			if err != nil {
				return err
			}
			chains = append(chains, c)
		}
	}
	for i := range chains {
		chains[i].resume(s.chains, s.last)
		if err := r.agrees(s.f, chains[i]); err != nil {
			return err
		}
	}
	s.chains = chains
	return nil
}

// skip goes on in a chain to what was not read yet.
func (r *Reader) skip(s *source, i int) error {
	for {
		offset, err := r.step(s.f, &s.chains[i])
		if err != nil {
			return err
		}
		if offset == 0 || offset > s.last && (s.mode != beyond || offset >= s.walk) {
			s.offsets[i] = offset
			return nil
		}
	}
}

// next returns the offset of the next entry, 0 at the end.
func (r *Reader) next(s *source) (uint64, error) {
	if s.mode == walking {
		return r.nextWalking(s)
	}
	for i, offset := range s.offsets {
		if offset != 0 && offset <= s.last {
			if err := r.skip(s, i); err != nil {
				return 0, err
			}
		}
	}
	first := uint64(0)
	for _, offset := range s.offsets {
		if offset != 0 && (first == 0 || offset < first) {
			first = offset
		}
	}
	return first, nil
}

func (r *Reader) nextWalking(s *source) (uint64, error) {
	for s.walk <= s.f.tail && s.f.tail != 0 {
		o, err := r.object(s.f, s.walk)
		if err != nil {
			return 0, err
		}
		if o.kind == kindEntry && o.offset > s.last {
			return o.offset, nil
		}
		if o.kind == kindEntry {
			s.counted++
		}
		s.walk = o.next()
	}
	return 0, nil
}

// again reads the header of a file that is written to anew, so that the source looks a
// second time. It reports whether that is worth it.
func (r *Reader) again(s *source) bool {
	if s.f.State != Online || s.tries >= 2 || s.f.refresh() != nil {
		return false
	}
	s.tries++
	s.ready = false
	return true
}

// fault deals with what does not fit: it looks again where the file is written to,
// and else finds the entries in the next mode.
func (r *Reader) fault(s *source, err error) {
	if r.again(s) {
		return
	}
	s.ready = false
	switch s.mode {
	case indexed:
		r.problem(s, say(err, "the index does not fit the file, which is read from front to back: %s"), false)
		s.mode = walking
	case walking:
		r.problem(s, say(err, "the file cannot be read on from here, but for the entries that its own list names: %s"), true)
		s.mode = beyond
	default:
		r.problem(s, say(err, "the rest of the file cannot be read: %s"), true)
		r.suppressed(s)
		s.mode = gone
	}
}

// end is the end of a source, as it stands now.
func (r *Reader) end(s *source) {
	s.ended = true
	f := s.f
	switch {
	case s.mode == walking && s.counted < f.Entries && !s.short:
		s.short = true
		r.problem(s, faultAt(s.walk, "the file has %d of %d entries", s.counted, f.Entries), true)
	case s.mode == indexed && len(r.matches) == 0 && f.State != Online && f.Entries > 0 && s.seqnum != f.TailSeqnum && !s.short:
		s.short = true
		r.problem(s, faultAt(s.last, "the last entry has number %d, and the header says %d", s.seqnum, f.TailSeqnum), true)
	}
	r.suppressed(s)
}
