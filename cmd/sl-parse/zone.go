package main

import (
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/sl-suite/sl/lib/stage"
)

// readZone reads the file of a named time zone.
func (f *flags) readZone() error {
	if f.TZ == "" {
		return nil
	}
	if _, ok := offset(f.TZ); ok {
		return nil
	}
	if !fs.ValidPath(f.TZ) || f.TZ == "." {
		return fmt.Errorf("--tz: %q is no time zone", f.TZ)
	}
	data, err := os.ReadFile("/usr/share/zoneinfo/" + f.TZ)
	if err == nil {
		_, err = time.LoadLocationFromTZData(f.TZ, data)
	}
	if err != nil {
		return stage.WithHint(fmt.Errorf("--tz: %q is no time zone: %w", f.TZ, err), "an offset such as +02:00 is always understood")
	}
	f.ZoneData = data
	return nil
}

// zone returns the time zone in the second start, nil where none was named.
func (f *flags) zone() (*time.Location, error) {
	if f.TZ == "" {
		return nil, nil
	}
	if loc, ok := offset(f.TZ); ok {
		return loc, nil
	}
	return time.LoadLocationFromTZData(f.TZ, f.ZoneData)
}

// offset reads UTC and +02:00.
func offset(s string) (*time.Location, bool) {
	if s == "UTC" || s == "Z" {
		return time.UTC, true
	}
	t, err := time.Parse("-07:00", s)
	if err != nil {
		return nil, false
	}
	_, seconds := t.Zone()
	return time.FixedZone("", seconds), true
}
