package kernlog

import (
	"testing"
	"time"

	"github.com/sl-suite/sl/lib/record"
)

func TestTimes(t *testing.T) {
	vienna := time.FixedZone("CET", 3600)
	berlin, lordHowe := zone(t, "Europe/Berlin"), zone(t, "Australia/Lord_Howe")
	tests := []struct {
		stamp string
		c     Config
		mtime string
		want  string
	}{
		// Year and offset are in the stamp.
		{"2013-01-01T15:09:04.562575-08:00", Config{}, "", "2013-01-01T15:09:04.562575-08:00"},
		{"2013-01-01T15:09:04.500-0800", Config{Zone: vienna}, "", "2013-01-01T15:09:04.5-08:00"},
		{"2013-01-01 15:09:04+08:00", Config{}, "", "2013-01-01T15:09:04+08:00"},
		{"2016-12-31T23:59:60Z", Config{}, "", "2017-01-01T00:00:00Z"},
		{"2013-02-29T15:09:04Z", Config{}, "", ""},
		{"Mon 2013-01-01 15:09:04 UTC", Config{Zone: vienna}, "", "2013-01-01T15:09:04Z"},
		{"1357052944.000005", Config{Zone: vienna}, "", "2013-01-01T15:09:04.000005Z"},
		{"4147052944.000000", Config{}, "", "2101-06-01T07:09:04Z"},
		// The zone is told, or it is not known.
		{"2013-01-01T15:09:04.562575", Config{}, "2013-01-02T00:00:00Z", ""},
		{"2013-01-01T15:09:04.562575", Config{Zone: vienna}, "", "2013-01-01T15:09:04.562575+01:00"},
		{"Mon Nov 23 15:05:50 2026", Config{Zone: vienna}, "", "2026-11-23T15:05:50+01:00"},
		{"Nov 23 15:05:50", Config{Year: 2026}, "2026-12-01T00:00:00Z", ""},
		// Letters for a zone mean what the zone that is told means by them.
		{"Mon 2026-11-23 15:05:50 CET", Config{}, "", ""},
		{"Mon 2026-11-23 15:05:50 CET", Config{Zone: berlin}, "", "2026-11-23T15:05:50+01:00"},
		{"Mon 2026-11-23 15:05:50 CEST", Config{Zone: berlin}, "", ""},
		{"Mon 2026-11-23 15:05:50 CET", Config{Zone: time.FixedZone("", 3600)}, "", "2026-11-23T15:05:50+01:00"},
		{"Mon 2026-11-23 15:05:50 CET", Config{Zone: time.UTC}, "", ""},
		// Where the clocks are changed an hour is twice, and another one is not.
		{"2026-10-25T01:59:59", Config{Zone: berlin}, "", "2026-10-25T01:59:59+02:00"},
		{"2026-10-25T02:00:00", Config{Zone: berlin}, "", ""},
		{"2026-10-25T02:59:59", Config{Zone: berlin}, "", ""},
		{"2026-10-25T03:00:00", Config{Zone: berlin}, "", "2026-10-25T03:00:00+01:00"},
		{"Mar 29 01:59:59", Config{Zone: berlin, Year: 2026}, "", "2026-03-29T01:59:59+01:00"},
		{"Mar 29 02:30:00", Config{Zone: berlin, Year: 2026}, "", ""},
		{"Mar 29 03:00:00", Config{Zone: berlin, Year: 2026}, "", "2026-03-29T03:00:00+02:00"},
		{"Oct 25 02:30:00", Config{Zone: berlin}, "2026-10-25T12:00:00Z", ""},
		{"Apr  5 01:45:00", Config{Zone: lordHowe, Year: 2026}, "", ""}, // half an hour
		{"Apr  5 01:15:00", Config{Zone: lordHowe, Year: 2026}, "", "2026-04-05T01:15:00+11:00"},
		// The year is told.
		{"Nov 23 15:05:50", Config{Year: 2026, Zone: vienna}, "", "2026-11-23T15:05:50+01:00"},
		{"Nov  3 15:05:50", Config{Year: 2026, Zone: time.UTC}, "2011-01-01T00:00:00Z", "2026-11-03T15:05:50Z"},
		{"Nov 3 15:05:50", Config{Year: 2026, Zone: time.UTC}, "", "2026-11-03T15:05:50Z"},
		{"Feb 29 15:05:50", Config{Year: 2026, Zone: time.UTC}, "", ""},
		{"Feb 29 15:05:50", Config{Year: 2028, Zone: time.UTC}, "", "2028-02-29T15:05:50Z"},
		{"Jan  1 15:09:04.562575+08:00", Config{Year: 2013}, "", "2013-01-01T15:09:04.562575+08:00"},
		{"Jan  1 15:09:04-08:00", Config{Year: 2013}, "", "2013-01-01T15:09:04-08:00"},
		// The year is the source's.
		{"Nov 23 15:05:50", Config{Zone: time.UTC}, "", ""},
		{"Nov 23 15:05:50", Config{Zone: time.UTC}, "yesterday", ""},
		{"Nov 23 15:05:50", Config{Zone: time.UTC}, "2026-11-23T15:05:51Z", "2026-11-23T15:05:50Z"},
		{"Nov 23 15:05:50", Config{Zone: time.UTC}, "2026-11-22T15:05:50Z", "2026-11-23T15:05:50Z"}, // a day ahead
		{"Nov 23 15:05:51", Config{Zone: time.UTC}, "2026-11-22T15:05:50Z", ""},                     // more than a day: last year's, or written since
		{"Jul 15 12:00:00", Config{Zone: time.UTC}, "2026-06-01T00:00:00Z", ""},                     // the same
		{"Dec 31 23:59:59", Config{Zone: time.UTC}, "2027-01-01T00:00:10Z", "2026-12-31T23:59:59Z"},
		{"Jan  1 00:10:00", Config{Zone: vienna}, "2026-12-31T23:30:00Z", "2027-01-01T00:10:00+01:00"},
		{"Feb 29 12:00:00", Config{Zone: time.UTC}, "2028-03-01T00:00:00Z", "2028-02-29T12:00:00Z"},
		{"Feb 29 12:00:00", Config{Zone: time.UTC}, "2027-03-01T00:00:00Z", ""},
	}
	for _, tt := range tests {
		var ev record.Event
		src := &record.Source{Kind: "file", Mtime: tt.mtime}
		if _, err := New(tt.c).Parse([]byte(tt.stamp+" host kernel: "+nfText), src, &ev); err != nil {
			t.Fatal(err)
		}
		if ev.Time != tt.want {
			t.Errorf("%q, %+v, %s: time %q, want %q", tt.stamp, tt.c, tt.mtime, ev.Time, tt.want)
		}
		if _, err := time.Parse(time.RFC3339, ev.Time); err != nil && ev.Time != "" {
			t.Error(err)
		}
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Skip(err)
	}
	return z
}

func TestNoStamp(t *testing.T) {
	for _, s := range []string{
		"", "Nov", "Nov 23", "Nov 23 15:05", "Nov 23 15:05:5", "Nov 32 15:05:50", "Nov 00 15:05:50", "Now 23 15:05:50",
		"Nov 23 24:05:50", "Nov 23 15:60:50", "Nov 23 15:05:61", "Nov 23 15:05:50.", "Nov 23 15:05:50.1234567890",
		"Nov 23 15:05:50+1", "Nov 23 15:05:50+99:00", "ovN 23 15:05:50", "Mon Nov 23 15:05:50", "Mon Nov 23 15:05:50 26",
		"Mon 2026-11-23 15:05:50", "Mon 2026-11-23 15:05:50 ", "Mon 2026-11-23 15:05:50 cet", "Mon 2026-11-23 15:05:50 +3",
		"Mon 2026-11-23 15:05:50 +05:3", "Mon 2026-11-23 15:05:50 Europe", "1795547123.62760", "1795547123.6276055", "1795547123",
		"99999999999999999999.000000", "253402300800.000000",
		"2013-13-01T15:09:04Z", "2013-01-01X15:09:04Z", "2013-01-01", "13-01-01T15:09:04Z",
	} {
		var st stamp
		if n, ok := st.read(s, 0); ok && n == len(s) {
			t.Errorf("%q is read as %+v", s, st)
		}
	}
}
