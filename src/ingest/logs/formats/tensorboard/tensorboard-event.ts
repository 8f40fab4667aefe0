import { eachField } from '../../binary/protobuf.js'

/** What an event holds that a loss curve needs. */
export interface ScalarEvent {
  readonly step: number
  readonly scalars: readonly { readonly tag: string; readonly value: number }[]
}

const decoder = new TextDecoder('utf-8')

// Field numbers of tensorflow/core/util/event.proto, framework/summary.proto and framework/tensor.proto.
const EVENT_STEP = 2
const EVENT_SUMMARY = 5
const SUMMARY_VALUE = 1
const VALUE_TAG = 1
const VALUE_SIMPLE = 2
const VALUE_TENSOR = 8
const TENSOR_DTYPE = 1
const TENSOR_CONTENT = 4
const TENSOR_FLOATS = 5
const TENSOR_DOUBLES = 6
const DT_FLOAT = 1
const DT_DOUBLE = 2
const DT_BFLOAT16 = 14

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** First element of a TensorProto of floating type; undefined for other types and for empty tensors. */
function tensorScalar(bytes: Uint8Array, from: number, to: number): number | undefined {
  let dtype = 0
  let value: number | undefined
  let content: { from: number; to: number } | undefined
  eachField(bytes, from, to, (field, wire, start, end, number) => {
    if (field === TENSOR_DTYPE && wire === 0) dtype = number
    else if (field === TENSOR_CONTENT) content = { from: start, to: end }
    else if (field === TENSOR_FLOATS && end - start >= 4) value ??= view(bytes).getFloat32(start, true)
    else if (field === TENSOR_DOUBLES && end - start >= 8) value ??= view(bytes).getFloat64(start, true)
  })
  if (value !== undefined || content === undefined) return value
  const size = content.to - content.from
  if (dtype === DT_FLOAT && size >= 4) return view(bytes).getFloat32(content.from, true)
  if (dtype === DT_DOUBLE && size >= 8) return view(bytes).getFloat64(content.from, true)
  if (dtype === DT_BFLOAT16 && size >= 2) {
    const four = new DataView(new ArrayBuffer(4))
    four.setUint16(2, view(bytes).getUint16(content.from, true), true)
    return four.getFloat32(0, true)
  }
  return undefined
}

/** Step and scalars of one serialised `Event`. */
export function readEvent(bytes: Uint8Array, from: number, to: number): ScalarEvent {
  let step = 0
  const scalars: { tag: string; value: number }[] = []
  const readValue = (start: number, end: number): void => {
    let tag = ''
    let value: number | undefined
    eachField(bytes, start, end, (field, wire, a, b) => {
      if (field === VALUE_TAG && wire === 2) tag = decoder.decode(bytes.subarray(a, b))
      else if (field === VALUE_SIMPLE && wire === 5) value = view(bytes).getFloat32(a, true)
      else if (field === VALUE_TENSOR && wire === 2) value ??= tensorScalar(bytes, a, b)
    })
    if (value !== undefined) scalars.push({ tag, value })
  }
  eachField(bytes, from, to, (field, wire, start, end, number) => {
    if (field === EVENT_STEP && wire === 0) step = number
    else if (field === EVENT_SUMMARY && wire === 2)
      eachField(bytes, start, end, (inner, innerWire, a, b) => {
        if (inner === SUMMARY_VALUE && innerWire === 2) readValue(a, b)
      })
  })
  return { step, scalars }
}
