package taken

var tracerProvider *sdktrace.TracerProvider

var meterProvider *sdkmetric.MeterProvider
