package record

// A column is one key of an object in the stream: its name and where its value
// lives in a T. The order of a table of columns is the order of the keys; the
// encoder and the decoder both walk the same table.
//
// at returns a pointer to one of: string, uint64, uint32, uint8, Trust,
// []string, []Attr, []Position, Evidence, Sample, Fields, *Fields.
type column[T any] struct {
	key    key
	always bool // written even when empty, and must be there when read
	at     func(*T) any
}

const always = true

// A key is a key of an object as it stands behind another member: ,"name":
type key string

func (k key) name() string { return string(k[len(`,"`) : len(k)-len(`":`)]) }

// twin returns the key of the exact bytes of a text that is not UTF-8.
func (k key) twin() key { return k[:len(k)-len(`":`)] + b64Suffix + `":` }

const b64Suffix = "_b64"

func keyOf(name string) key {
	if plain(name) == len(name) {
		return key(`,"` + name + `":`)
	}
	text, _ := appendEscaped([]byte(`,"`), name) // a stream can have any name
	return key(append(text, `":`...))
}

var sourceColumns = []column[Source]{
	{`,"id":`, always, func(s *Source) any { return &s.ID }},
	{`,"kind":`, always, func(s *Source) any { return &s.Kind }},
	{`,"path":`, always, func(s *Source) any { return &s.Path }},
	{`,"dev":`, false, func(s *Source) any { return &s.Dev }},
	{`,"ino":`, false, func(s *Source) any { return &s.Ino }},
	{`,"uid":`, always, func(s *Source) any { return &s.UID }},
	{`,"gid":`, always, func(s *Source) any { return &s.GID }},
	{`,"mode":`, always, func(s *Source) any { return &s.Mode }},
	{`,"size":`, false, func(s *Source) any { return &s.Size }},
	{`,"mtime":`, false, func(s *Source) any { return &s.Mtime }},
	{`,"audit":`, false, func(s *Source) any { return &s.Audit }},
	{`,"journal":`, false, func(s *Source) any { return &s.Journal }},
}

var recordColumns = []column[Record]{
	{`,"src":`, always, func(r *Record) any { return &r.Src }},
	{`,"line":`, always, func(r *Record) any { return &r.Line }},
	{`,"text":`, always, func(r *Record) any { return &r.Text }},
}

var eventColumns = []column[Event]{
	{`,"kind":`, always, func(e *Event) any { return &e.Kind }},
	{`,"trust":`, always, func(e *Event) any { return &e.Trust }},
	{`,"reason":`, false, func(e *Event) any { return &e.Reason }},
	{`,"prefix_trust":`, false, func(e *Event) any { return &e.PrefixTrust }},
	{`,"time":`, false, func(e *Event) any { return &e.Time }},
	{`,"audit":`, false, func(e *Event) any { return &e.Audit }},
	{`,"host":`, false, func(e *Event) any { return &e.Host }},
	{`,"carrier":`, false, func(e *Event) any { return &e.Carrier }},
	{`,"file":`, false, func(e *Event) any { return &e.File }},
	{`,"line":`, false, func(e *Event) any { return &e.Line }},
	{`,"count":`, always, func(e *Event) any { return &e.Count }},
	{`,"first":`, false, func(e *Event) any { return &e.First }},
	{`,"last":`, false, func(e *Event) any { return &e.Last }},
	{"", false, func(e *Event) any { return &e.Fields }}, // the fields stand beside the others
	{`,"inner":`, false, func(e *Event) any { return &e.Inner }},
}

var ruleColumns = []column[Rule]{
	{`,"lang":`, always, func(r *Rule) any { return &r.Lang }},
	{`,"profile":`, false, func(r *Rule) any { return &r.Profile }},
	{`,"syntax":`, false, func(r *Rule) any { return &r.Syntax }},
	{`,"family":`, false, func(r *Rule) any { return &r.Family }},
	{`,"chain":`, false, func(r *Rule) any { return &r.Chain }},
	{`,"text":`, always, func(r *Rule) any { return &r.Text }},
	{`,"rule":`, false, func(r *Rule) any { return &r.Typed }},
	{`,"made":`, false, func(r *Rule) any { return &r.Made }},
	{`,"danger":`, always, func(r *Rule) any { return &r.Danger }},
	{`,"why":`, false, func(r *Rule) any { return &r.Why }},
	{`,"evidence":`, always, func(r *Rule) any { return &r.Evidence }},
}

var evidenceColumns = []column[Evidence]{
	{`,"count":`, always, func(e *Evidence) any { return &e.Count }},
	{`,"first":`, false, func(e *Evidence) any { return &e.First }},
	{`,"last":`, false, func(e *Evidence) any { return &e.Last }},
	{`,"trust":`, always, func(e *Evidence) any { return &e.Trust }},
	{`,"reason":`, false, func(e *Evidence) any { return &e.Reason }},
	{`,"audits":`, false, func(e *Evidence) any { return &e.Audits }},
	{`,"comms":`, false, func(e *Evidence) any { return &e.Comms }},
	{`,"sample":`, false, func(e *Evidence) any { return &e.Sample }},
}

var sampleColumns = []column[Sample]{
	{`,"time":`, false, func(s *Sample) any { return &s.Time }},
	{`,"audit":`, false, func(s *Sample) any { return &s.Audit }},
	{`,"host":`, false, func(s *Sample) any { return &s.Host }},
	{`,"file":`, false, func(s *Sample) any { return &s.File }},
	{`,"line":`, false, func(s *Sample) any { return &s.Line }},
}

var noteColumns = []column[Note]{
	{`,"kind":`, always, func(n *Note) any { return &n.Kind }},
	{`,"lang":`, false, func(n *Note) any { return &n.Lang }},
	{`,"profile":`, false, func(n *Note) any { return &n.Profile }},
	{`,"text":`, always, func(n *Note) any { return &n.Text }},
	{`,"hint":`, false, func(n *Note) any { return &n.Hint }},
	{`,"evidence":`, false, func(n *Note) any { return &n.Evidence }},
}

var errorColumns = []column[Error]{
	{`,"file":`, false, func(e *Error) any { return &e.File }},
	{`,"line":`, false, func(e *Error) any { return &e.Line }},
	{`,"error":`, always, func(e *Error) any { return &e.Err }},
	{`,"hint":`, false, func(e *Error) any { return &e.Hint }},
	{`,"text":`, false, func(e *Error) any { return &e.Text }},
}

var markColumns = []column[Mark]{
	{`,"sources":`, always, func(m *Mark) any { return &m.Sources }},
}

var endColumns = []column[End]{
	{`,"stage":`, always, func(e *End) any { return &e.Stage }},
	{`,"in":`, always, func(e *End) any { return &e.In }},
	{`,"out":`, always, func(e *End) any { return &e.Out }},
	{`,"skipped":`, always, func(e *End) any { return &e.Skipped }},
	{`,"errors":`, always, func(e *End) any { return &e.Errors }},
	{`,"lost":`, always, func(e *End) any { return &e.Lost }},
	{`,"sources":`, false, func(e *End) any { return &e.Sources }},
	{`,"sandbox":`, false, func(e *End) any { return &e.Sandbox }},
}

var positionColumns = []column[Position]{
	{`,"path":`, always, func(p *Position) any { return &p.Path }},
	{`,"dev":`, false, func(p *Position) any { return &p.Dev }},
	{`,"ino":`, false, func(p *Position) any { return &p.Ino }},
	{`,"offset":`, always, func(p *Position) any { return &p.Offset }},
	{`,"line":`, always, func(p *Position) any { return &p.Line }},
}
